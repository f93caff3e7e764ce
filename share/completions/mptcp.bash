# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of the mptcp tools: asks `mptcp --complete`. Installed under the name of each tool.

_mptcp() {
	local words=() program=mptcp prefix='' typed line at how
	COMPREPLY=()
	# bash takes --name=value apart: the words are put together again
	for ((at = 0; at <= COMP_CWORD; at++)); do
		if ((at > 1)) && [[ ${COMP_WORDS[at]} == = && ${COMP_WORDS[at - 1]} == --* ]]; then
			words[${#words[@]} - 1]+='='
		elif ((at > 2)) && [[ ${COMP_WORDS[at - 1]} == = && ${COMP_WORDS[at - 2]} == --* ]]; then
			words[${#words[@]} - 1]+=${COMP_WORDS[at]}
		else
			words+=("${COMP_WORDS[at]}")
		fi
	done
	typed=${words[${#words[@]} - 1]}
	[[ $typed != --*=* ]] || prefix=${typed%%=*}=
	# the mptcp beside the program that is typed, as in bin/mptcp-lc
	[[ ${words[0]} != */* ]] || program=${words[0]%/*}/mptcp
	while IFS= read -r line; do
		case $line in
		$'\tfiles' | $'\tfolders')
			compopt -o filenames 2>/dev/null
			how=-f
			[ "$line" = $'\tfiles' ] || how=-d
			while IFS= read -r line; do
				COMPREPLY+=("$line")
			done < <(compgen "$how" -- "${typed#"$prefix"}")
			;;
		*)
			line=${line%%$'\t'*}
			COMPREPLY+=("${line#"$prefix"}")
			;;
		esac
	done < <("$program" --complete "${words[@]}" 2>/dev/null)
}

complete -F _mptcp mptcp "${BASH_SOURCE[0]##*/}"
# shellcheck disable=SC2046 # names of commands
complete -F _mptcp $(compgen -c mptcp- || echo mptcp)
