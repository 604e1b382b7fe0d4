namespace Cortex.Cli.Terminal;

/// <summary>What a writer leads to: colour belongs on a terminal alone, and there only when the user does not say <c>NO_COLOR</c> (<see href="https://no-color.org"/>).</summary>
internal static class TerminalOutput
{
    /// <summary>True when a person sees at once what is written, and it can be drawn over.</summary>
    public static bool IsTerminal(TextWriter writer) => Environment.GetEnvironmentVariable("TERM") is not "dumb"
        && ((writer == System.Console.Out && !System.Console.IsOutputRedirected) || (writer == System.Console.Error && !System.Console.IsErrorRedirected));

    /// <summary>The text in a colour, where there are colours.</summary>
    public static string Paint(this TextWriter writer, TextColour colour, string text) =>
        IsTerminal(writer) && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" ? $"\e[{(int)colour}m{text}\e[0m" : text;
}

/// <summary>Colours by their codes (ECMA-48, SGR).</summary>
internal enum TextColour
{
    Red = 31,
    Green = 32,
}
