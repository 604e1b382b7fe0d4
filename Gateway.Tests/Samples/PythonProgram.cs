using System.Diagnostics;
using NUnit.Framework;

namespace Cortex.Tests.Samples;

/// <summary>A Python that has the sample's JWT library.</summary>
internal static class PythonProgram
{
    private static readonly Lazy<string?> Found = new(() => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasLibrary));

    /// <summary>The program; fails the test when there is none.</summary>
    public static string Path => Found.Value
        ?? throw new AssertionException("No Python with PyJWT: apt install python3-jwt python3-cryptography, or pip install 'pyjwt[crypto]'.");

    private static bool HasLibrary(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-c", "import jwt, cryptography"]) { RedirectStandardError = true });
            process?.WaitForExit();
            return process?.ExitCode is 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
