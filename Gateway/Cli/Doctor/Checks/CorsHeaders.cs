using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Reads answers as a browser does (<see href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</see>).</summary>
internal static class CorsHeaders
{
    public const string TwiceMend =
        "Take the proxy's own CORS away (nginx 'add_header Access-Control-Allow-Origin', nginx.ingress.kubernetes.io/enable-cors): the gateway answers it itself, by gateway.allowedOrigins";

    public const string LostMend =
        "Let OPTIONS and every Access-Control header through: no 'return 204' for OPTIONS and no 'proxy_hide_header' in nginx, no nginx.ingress.kubernetes.io/enable-cors; the gateway answers CORS itself, by gateway.allowedOrigins";

    /// <summary>Asks in advance, as a browser does for a page.</summary>
    public static Task<ProbeReply> PreflightAsync(DoctorRun run, Uri address, string origin, string method, string headers, CancellationToken cancellationToken) => run.Probe.SendAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Options, address);
            request.Headers.TryAddWithoutValidation("Origin", origin);
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", method);
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
            return request;
        },
        cancellationToken);

    /// <summary>What the browser makes of the answer's origin.</summary>
    public static CorsVerdict Judge(ProbeReply.Answered answer, string origin)
    {
        var allowed = answer.Headers.NonValidated.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.SelectMany(value => value.Split(',')).Select(value => value.Trim()).ToArray() : [];
        return allowed switch
        {
            [] => CorsVerdict.Refused,
            [var one] => one == "*" || one == origin ? CorsVerdict.Allowed : CorsVerdict.Refused,
            _ => CorsVerdict.Twice,
        };
    }

    /// <summary>True when a list of names in a header holds all of <paramref name="names"/>, or everything.</summary>
    public static bool Names(ProbeReply.Answered answer, string header, params IEnumerable<string> names)
    {
        var listed = (answer.Header(header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return listed.Contains("*") || names.All(name => listed.Contains(name, StringComparer.OrdinalIgnoreCase));
    }
}
