using System.Text;

namespace Cortex.Foundation.Sealing;

/// <summary>A key ring as a key file holds it: a line for each key, <c>id key</c>, the key in base64; the first one seals.</summary>
internal static class KeyRingText
{
    public static string Write(IReadOnlyList<SealingKey> keys) => keys.Aggregate(
        new StringBuilder(), (text, key) => text.Append(key.Id).Append(' ').Append(Convert.ToBase64String(key.Material)).Append('\n')).ToString();

    /// <summary>The keys, or null when the text is no key ring.</summary>
    public static IReadOnlyList<SealingKey>? TryRead(string text)
    {
        var keys = new List<SealingKey>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var id, var key]
                || !SealingKey.IsId(id) || keys.Exists(other => other.Id == id) || !SealingKey.TryReadMaterial(key, out var material))
                return null;
            keys.Add(new SealingKey(id, material));
        }

        return keys.Count == 0 ? null : keys;
    }
}
