using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>Writes a text as a YAML value: plain where that is safe, in double quotes otherwise.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Quote(string text) =>
        Plain().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off") ? text : JsonSerializer.Serialize(text, Relaxed);

    [GeneratedRegex(@"^[A-Za-z/]([A-Za-z0-9 _./@-]|:(?! |$))*(?<! )$")]
    private static partial Regex Plain();
}
