using System.Security;

namespace Cortex.Cli;

/// <summary>A token that was given on the command line, by one of four ways: itself, <c>env:NAME</c>, <c>file:PATH</c>, or <c>-</c> for standard input.</summary>
internal static class TokenArgument
{
    private const int MaxChars = 64 * 1024;

    /// <summary>The token.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="text">What was written.</param>
    /// <param name="input">Standard input.</param>
    /// <exception cref="UsageException">There is no token where it was said to be.</exception>
    public static string Read(string option, string text, TextReader input)
    {
        if (text == "-")
            return Check(option, "standard input", ReadSome(input));
        if (After(text, "env:") is { } variable)
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? Check(option, $"the environment variable {variable}", value)
                : throw new UsageException($"{option} '{text}': there is no such environment variable. Set it, or write the token itself.");
        if (After(text, "file:") is { } file)
            return Check(option, $"the file {file}", ReadFile(option, file));
        return Check(option, "what was written", text);
    }

    private static string? After(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static string ReadFile(string option, string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            return ReadSome(reader);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option}: the file '{file}' can't be read ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    private static string ReadSome(TextReader reader)
    {
        var buffer = new char[MaxChars];
        return new string(buffer, 0, reader.ReadBlock(buffer, 0, buffer.Length));
    }

    /// <summary>Only what a header can hold; the token itself is in no message.</summary>
    private static string Check(string option, string place, string text) => text.Trim() is { Length: > 0 and < MaxChars } token && token.All(c => c is > ' ' and <= '~')
        ? token
        : throw new UsageException($"{option}: {place} holds no token. A token is one word of visible ASCII, without 'Bearer'.");
}
