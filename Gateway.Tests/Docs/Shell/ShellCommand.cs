namespace Cortex.Tests.Docs.Shell;

/// <summary>One command of a script: its words without quotes, variables as they are written. A command within <c>$(...)</c> is one of its own.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Words">The program and its arguments, at least one.</param>
internal sealed record ShellCommand(int Line, IReadOnlyList<string> Words)
{
    public string Program => Words[0];

    public IReadOnlyList<string> Arguments => [.. Words.Skip(1)];

    /// <summary>The same place with other words.</summary>
    public ShellCommand With(IEnumerable<string> words) => this with { Words = [.. words] };

    public override string ToString() => string.Join(' ', Words);
}
