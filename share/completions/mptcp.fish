# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion of the mptcp tools: asks `mptcp --complete`. Installed under the name of each tool.

function __mptcp_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l program mptcp
	# the mptcp beside the program that is typed, as in bin/mptcp-lc
	if string match -q '*/*' -- $words[1]
		set program (string replace -r '[^/]*$' mptcp -- $words[1])
	end
	set -l prefix (string match -r '^--[^=]*=' -- $words[-1])
	set -l rest (string replace -r '^--[^=]*=' '' -- $words[-1])
	for line in ($program --complete $words 2>/dev/null)
		switch $line
			case \tfiles
				for path in (__fish_complete_path $rest)
					echo "$prefix$path"
				end
			case \tfolders
				for path in (__fish_complete_directories $rest)
					echo "$prefix$path"
				end
			case '*'
				echo $line
		end
	end
end

complete -c (string replace -r '\.fish$' '' -- (status basename)) -f -a '(__mptcp_complete)'
