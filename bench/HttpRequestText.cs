using System.Globalization;
using System.Text;

namespace Cortex.Bench;

/// <summary>Writes requests as they stand on the wire, so that sending one costs no more than its bytes.</summary>
internal static class HttpRequestText
{
    public static byte[] Post(Uri address, string body, params IEnumerable<(string Name, string Value)> headers) => Write(
        "POST",
        address,
        [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"), ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture)), .. headers],
        body);

    public static byte[] Get(Uri address, params IEnumerable<(string Name, string Value)> headers) => Write("GET", address, headers, "");

    public static byte[] Delete(Uri address, params IEnumerable<(string Name, string Value)> headers) => Write("DELETE", address, headers, "");

    private static byte[] Write(string method, Uri address, IEnumerable<(string Name, string Value)> headers, string body)
    {
        var text = new StringBuilder($"{method} {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\n");
        foreach (var (name, value) in headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.ASCII.GetBytes(text.Append("\r\n").Append(body).ToString());
    }
}
