Attribute VB_Name = "AccountplanLauncher"
Option Explicit

' Starts Python for a button. Which Python stands in a file that "accountplan addin install" wrote for this user;
' of the workbook nothing is used but its name, and that only as data (AccountplanWords).
' The sentences (TEXT_...) are in the module AccountplanTexts, which is made when the add-in is built.

Public Sub RunPython(ByVal button As String)
    #If Mac Then
        StartOnMac CommandWords(button, TEXT_LANGUAGE, ActiveBookName())
    #Else
        StartOnWindows CommandWords(button, TEXT_LANGUAGE, ActiveBookName())
    #End If
End Sub

Private Function ActiveBookName() As String
    If Not ActiveWorkbook Is Nothing Then ActiveBookName = ActiveWorkbook.Name
End Function

Private Sub Tell(ByVal sentence As String)
    MsgBox sentence, vbExclamation, "Accountplan"
End Sub

#If Mac Then

' Excel for the Mac can start nothing by itself; the script that "install" wrote can, and it knows the Python.
Private Sub StartOnMac(ByVal words As String)
    Dim answer As String
    On Error GoTo NoScript
    answer = AppleScriptTask("Accountplan.applescript", "pressButton", words)
    On Error GoTo 0
    If answer <> "started" Then Tell TEXT_PYTHON_GONE
    Exit Sub
NoScript:
    Tell TEXT_NOT_INSTALLED
End Sub

#Else

' -E: no settings from the environment. -P: no module from the folder where Excel happens to be.
Private Sub StartOnWindows(ByVal words As String)
    Dim windowsShell As Object
    Dim python As String
    Dim code As Long
    On Error GoTo Blocked
    Set windowsShell = CreateObject("WScript.Shell")
    python = InstalledPython(windowsShell)
    If python = "" Then Exit Sub
    code = windowsShell.Run("""" & python & """ -E -P -m addin.run " & words, 0, True)
    If code <> 0 Then Tell TEXT_PYTHON_FAILED & " (" & code & ")"
    Exit Sub
Blocked:
    Tell TEXT_BLOCKED & " (" & Err.Number & ": " & Err.Description & ")"
End Sub

' The Python in the first line of the file that "install" wrote, or "" after saying what is wrong. IT may write a
' path with %NAMES% there.
Private Function InstalledPython(ByVal windowsShell As Object) As String
    Dim files As Object
    Dim settings As String
    Dim python As String
    Set files = CreateObject("Scripting.FileSystemObject")
    settings = windowsShell.ExpandEnvironmentStrings("%LOCALAPPDATA%\Accountplan\python.txt")
    If Not files.FileExists(settings) Then
        Tell TEXT_NOT_INSTALLED
        Exit Function
    End If
    python = windowsShell.ExpandEnvironmentStrings(files.OpenTextFile(settings, 1, False, -1).ReadLine)
    If files.FileExists(python) Then InstalledPython = python Else Tell TEXT_PYTHON_GONE
End Function

#End If
