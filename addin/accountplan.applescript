-- Written by "accountplan addin install"; the add-in Accountplan.xlam calls it, since Excel for the Mac can start
-- nothing by itself. The words come as one text: the button, the language, the name of the workbook in hexadecimals.
-- Each word goes to the shell in quotes of its own, so that none can be a command.

on pressButton(spokenWords)
	set pythonPath to "${python}"
	try
		do shell script "test -x " & quoted form of pythonPath
	on error
		return "no python"
	end try
	set shellCommand to quoted form of pythonPath & " -E -P -m addin.run"
	set savedDelimiters to AppleScript's text item delimiters
	set AppleScript's text item delimiters to " "
	set wordList to text items of spokenWords
	set AppleScript's text item delimiters to savedDelimiters
	repeat with oneWord in wordList
		set shellCommand to shellCommand & " " & quoted form of (oneWord as text)
	end repeat
	-- In the background: Python asks Excel for the workbook, and Excel answers only after this script has ended.
	do shell script shellCommand & " > /dev/null 2>&1 &"
	return "started"
end pressButton
