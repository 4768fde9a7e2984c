Attribute VB_Name = "AccountplanButtons"
Option Explicit

' One Sub for each button of ribbon.xml; each one starts the Python function of that name, and does no more.

Public Sub OnRefresh(control As IRibbonControl)
    RunPython "refresh"
End Sub

Public Sub OnCheck(control As IRibbonControl)
    RunPython "check"
End Sub

Public Sub OnDrillDown(control As IRibbonControl)
    RunPython "drill_down"
End Sub

Public Sub OnAddRow(control As IRibbonControl)
    RunPython "add_row"
End Sub

Public Sub OnSummary(control As IRibbonControl)
    RunPython "summary"
End Sub

Public Sub OnHoldReview(control As IRibbonControl)
    RunPython "hold_review"
End Sub

Public Sub OnApprove(control As IRibbonControl)
    RunPython "approve"
End Sub

Public Sub OnOpenFolder(control As IRibbonControl)
    RunPython "open_folder"
End Sub

Public Sub OnHelp(control As IRibbonControl)
    RunPython "help"
End Sub

Public Sub OnAbout(control As IRibbonControl)
    RunPython "about"
End Sub
