Attribute VB_Name = "AccountplanWords"
Option Explicit

' What Python is told: the button, the language of the add-in and the name of the workbook.

Public Function CommandWords(ByVal button As String, ByVal language As String, ByVal bookName As String) As String
    CommandWords = button & " --lang=" & language & " --book=" & HexOf(bookName)
End Function

' A text as four hexadecimals for each UTF-16 unit. A file name may hold quotes, %, & and every script in the world;
' written like this it holds nothing that a command line gives a meaning to.
Public Function HexOf(ByVal words As String) As String
    Dim position As Long
    For position = 1 To Len(words)
        HexOf = HexOf & Right$("000" & Hex$(AscW(Mid$(words, position, 1)) And &HFFFF&), 4)
    Next position
End Function
