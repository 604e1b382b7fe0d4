using System.Text;
using System.Text.RegularExpressions;

namespace Cortex.Tests.Docs.Shell;

/// <summary>
/// Takes a script that bash can read apart into its commands. It knows what documentation uses: quotes, <c>$(...)</c>, continued lines, comments,
/// redirections, here-documents, <c>&amp;&amp; || | ;</c>, assignments, <c>for</c> and <c>if</c>.
/// </summary>
internal sealed partial class ShellReader
{
    private static readonly string[] Leading = ["do", "then", "else", "elif", "if", "while", "until", "!", "sudo", "exec", "time", "{"];
    private static readonly string[] Empty = ["done", "fi", "esac", "for", "case", "}"];

    private readonly string _script;
    private readonly List<ShellCommand> _commands = [];
    private readonly List<string> _words = [];
    private readonly List<string> _documents = [];
    private int _at;
    private int _line;
    private int _commandLine;

    private ShellReader(string script, int line)
    {
        _script = script;
        _line = line;
        _commandLine = line;
    }

    public static IReadOnlyList<ShellCommand> Read(string script) => new ShellReader(script, 1).ReadAll();

    private List<ShellCommand> ReadAll()
    {
        while (_at < _script.Length)
            ReadOne(_script[_at]);
        EndCommand();
        return _commands;
    }

    private void ReadOne(char c)
    {
        switch (c)
        {
            case ' ' or '\t' or '\r':
                _at++;
                break;
            case '\\' when Next(1) == '\n':
                _at += 2;
                _line++;
                break;
            case '#':
                while (_at < _script.Length && _script[_at] != '\n')
                    _at++;
                break;
            case '\n':
                _at++;
                EndCommand();
                _line++;
                SkipDocuments();
                break;
            case ';' or '&' or '|' or '(' or ')':
                _at++;
                EndCommand();
                break;
            case '<' or '>':
                Redirect();
                break;
            default:
                if (_words.Count == 0)
                    _commandLine = _line;
                var word = Word();
                if (!(_at < _script.Length && _script[_at] is '<' or '>' && word.All(char.IsAsciiDigit)))
                    _words.Add(word);
                break;
        }
    }

    private char Next(int offset) => _at + offset < _script.Length ? _script[_at + offset] : '\0';

    private void Redirect()
    {
        var isDocument = _script[_at] == '<' && Next(1) == '<' && Next(2) != '<';
        while (_at < _script.Length && _script[_at] is '<' or '>' or '&' or '-')
            _at++;
        while (_at < _script.Length && _script[_at] == ' ')
            _at++;
        var target = Word();
        if (isDocument)
            _documents.Add(target);
    }

    private void SkipDocuments()
    {
        foreach (var end in _documents)
        {
            while (_at < _script.Length)
            {
                var newline = _script.IndexOf('\n', _at);
                var line = _script[_at..(newline < 0 ? _script.Length : newline)];
                _at = newline < 0 ? _script.Length : newline + 1;
                _line++;
                if (line.Trim() == end)
                    break;
            }
        }

        _documents.Clear();
    }

    private string Word()
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; _at < _script.Length; _at++)
        {
            var c = _script[_at];
            if (c == '\n')
                _line++;
            if (c == '$' && quote != '\'' && Next(1) == '(')
                word.Append(Substitution());
            else if (quote != '\0' && c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '\'' or '"')
                quote = c;
            else if (c == '\\' && quote != '\'' && _at + 1 < _script.Length && (quote == '\0' || Next(1) is '"' or '\\' or '$'))
                word.Append(_script[++_at]);
            else if (quote == '\0' && c is ' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>')
                return Back(word, c);
            else
                word.Append(c);
        }

        return word.ToString();
    }

    private string Back(StringBuilder word, char c)
    {
        if (c == '\n')
            _line--;
        return word.ToString();
    }

    /// <summary>Reads <c>$(...)</c> as commands of their own, up to the closing parenthesis.</summary>
    private string Substitution()
    {
        var first = _at;
        var depth = 0;
        for (; _at < _script.Length; _at++)
        {
            depth += _script[_at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && _script[_at] == ')')
                break;
        }

        _commands.AddRange(new ShellReader(_script[(first + 2).._at], _line).ReadAll());
        return _script[first..Math.Min(_at + 1, _script.Length)];
    }

    private void EndCommand()
    {
        while (_words.Count > 0 && (Leading.Contains(_words[0]) || Assignment().IsMatch(_words[0])))
            _words.RemoveAt(0);
        if (_words.Count > 0 && !Empty.Contains(_words[0]))
            _commands.Add(new ShellCommand(_commandLine, [.. _words]));
        _words.Clear();
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();
}
