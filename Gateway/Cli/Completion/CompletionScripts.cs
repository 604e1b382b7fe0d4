namespace Cortex.Cli.Completion;

/// <summary>
/// The scripts of <c>cortex completion</c>. Each takes the line up to the cursor without the program's name and asks <c>cortex "[suggest:POSITION]" "LINE"</c>, which answers with
/// one word a line. Where nothing is answered, the shell completes files.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # Completion of cortex in bash. Take it into the running shell:  source <(cortex completion bash)
        # To keep it:  cortex completion bash > ~/.local/share/bash-completion/completions/cortex
        _cortex_complete() {
            local line="${COMP_LINE:0:$COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" answer
            case "$line" in
                *[[:space:]]*) line="${line#*[[:space:]]}" ;;
                *) line="" ;;
            esac
            COMPREPLY=()
            while IFS= read -r answer; do
                case "$answer" in
                    "" | /* | '-?') ;;
                    "$word"*) COMPREPLY+=("$answer") ;;
                esac
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _cortex_complete cortex

        """;

    private const string Zsh = """
        #compdef cortex
        # Completion of cortex in zsh. Take it into the running shell:  source <(cortex completion zsh)
        # To keep it:  cortex completion zsh > "${fpath[1]}/_cortex"
        _cortex() {
            local line="${BUFFER[1,$CURSOR]}"
            local -a answers
            case "$line" in
                *[[:space:]]*) line="${line#*[[:space:]]}" ;;
                *) line="" ;;
            esac
            answers=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            answers=("${(@)answers:#(|/*|-\?)}")
            if (( ${#answers} )); then
                compadd -- "${answers[@]}"
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = "_cortex" ]; then
            _cortex "$@"
        else
            compdef _cortex cortex
        fi

        """;

    private const string Fish = """
        # Completion of cortex in fish. Take it into the running shell:  cortex completion fish | source
        # To keep it:  cortex completion fish > ~/.config/fish/completions/cortex.fish
        function __cortex_complete
            set -l line (commandline -cp | string replace -r '^\S+\s*' '')
            set -l program (commandline -opc)[1]
            $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v -r '^(/.*|-\?|)$'
        end
        complete -c cortex -a '(__cortex_complete)'

        """;

    private const string PowerShell = """
        # Completion of cortex in PowerShell. Take it into the running shell:  cortex completion powershell | Out-String | Invoke-Expression
        # To keep it, add that line to the file that $PROFILE names.
        Register-ArgumentCompleter -Native -CommandName cortex -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $text = $commandAst.ToString()
            $program = $commandAst.CommandElements[0].ToString()
            $line = if ($text.Length -gt $program.Length) { $text.Substring($program.Length + 1) } else { '' }
            $position = [Math]::Max(0, $cursorPosition - $commandAst.Extent.StartOffset - $program.Length - 1)
            $line = $line.PadRight($position)
            & $program "[suggest:$position]" $line 2>$null | Where-Object { $_ -and $_ -notlike '/*' -and $_ -ne '-?' -and $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    /// <summary>The shells that have one.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "powershell"];

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "powershell" => PowerShell,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "There is no script for this shell."),
    };
}
