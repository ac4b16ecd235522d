"""`scopetutor completion SHELL`: the script that teaches a shell our commands.

The scripts only ask ``scopetutor --complete``; `completing` has the answers.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scopetutor.errors import UsageError


class Shell(StrEnum):
    """The shells we have a script for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


SCRIPTS = {
    Shell.bash: """\
_scopetutor() {
    local line
    COMPREPLY=()
    while IFS=$'\\t' read -r line _; do
        COMPREPLY+=("$line")
    done < <(scopetutor --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _scopetutor scopetutor
""",
    Shell.zsh: """\
#compdef scopetutor
_scopetutor() {
    local line
    local -a found
    while IFS= read -r line; do
        found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
    done < <(scopetutor --complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#found} )); then
        _describe scopetutor found
    else
        _files
    fi
}
if [ "$funcstack[1]" = "_scopetutor" ]; then
    _scopetutor "$@"
else
    compdef _scopetutor scopetutor
fi
""",
    Shell.fish: """\
function __scopetutor
    set -l words (commandline -opc) (commandline -ct)
    scopetutor --complete $words[2..-1] 2>/dev/null
end
complete -c scopetutor -f -n 'test -n "$(__scopetutor)"' -a '(__scopetutor)'
""",
    Shell.powershell: """\
Register-ArgumentCompleter -Native -CommandName scopetutor -ScriptBlock {
    param($unfinished, $ast, $cursor)
    $words = @($ast.CommandElements | Select-Object -Skip 1 |
        ForEach-Object { $_.ToString() })
    if (-not $unfinished) { $words += '' }
    scopetutor --complete @words 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new(
            $word, $word, 'ParameterValue', $meaning)
    }
}
""",
}

# Where a shell looks by itself; PowerShell has only its profile, which we leave alone.
PLACES = {
    Shell.bash: (
        "XDG_DATA_HOME",
        ".local/share",
        "bash-completion/completions/scopetutor",
    ),
    Shell.zsh: ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_scopetutor"),
    Shell.fish: ("XDG_CONFIG_HOME", ".config", "fish/completions/scopetutor.fish"),
}

AFTERWARDS = {
    Shell.bash: "open a new shell (the package bash-completion has to be installed)",
    Shell.zsh: "in .zshrc, before compinit: fpath+=(~/.local/share/zsh/site-functions)",
    Shell.fish: "open a new shell",
}


def command(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="The shell you use.")],
    install: Annotated[
        bool, typer.Option("--install", help="Write the script where the shell looks.")
    ] = False,
) -> None:
    r"""Print or install the script that completes our commands at the Tab key.

    \b
    Examples:
      scopetutor completion bash --install
      scopetutor completion zsh > ~/.zfunc/_scopetutor
      scopetutor completion powershell >> $PROFILE
    """
    if not install:
        sys.stdout.write(SCRIPTS[shell])
        return
    if shell not in PLACES:
        raise UsageError(
            f"{shell.value} has no folder for such scripts",
            hint=f"scopetutor completion {shell.value} >> $PROFILE",
        )
    variable, default, rest = PLACES[shell]
    file = Path(os.environ.get(variable) or Path.home() / default) / rest
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SCRIPTS[shell], encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror or error}",
            place=str(file),
            hint=f"scopetutor completion {shell.value} > FILE",
        ) from None
    sys.stdout.write(f"written to {file}\n{AFTERWARDS[shell]}\n")
