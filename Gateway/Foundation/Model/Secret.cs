using System.Diagnostics;

namespace Cortex.Foundation.Model;

/// <summary>A configured secret. Printing it shows <c>***</c>; only <see cref="Reveal"/> gives the value.</summary>
[DebuggerDisplay("***")]
internal sealed class Secret(string value)
{
    /// <summary>The value itself. Call it where the secret is used, and nowhere else.</summary>
    public string Reveal() => value;

    public override string ToString() => "***";
}
