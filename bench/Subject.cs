namespace Cortex.Bench;

/// <summary>One thing that is measured: a request, always the same, to one address.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Address">Where the request goes.</param>
/// <param name="Request">The whole request, as it stands on the wire.</param>
/// <param name="Expected">What the reply must hold.</param>
internal sealed record Subject(string Name, Uri Address, ReadOnlyMemory<byte> Request, string Expected)
{
    public static Subject Post(string name, string url, string body, string expected, params IEnumerable<(string Name, string Value)> headers)
    {
        var address = new Uri(url);
        return new Subject(name, address, HttpRequestText.Post(address, body, headers), expected);
    }
}
