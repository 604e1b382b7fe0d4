using Cortex.Foundation.Configuration;

namespace Cortex.Foundation.Sealing;

/// <summary>Checks <c>vault:</c>. Never repeats a key.</summary>
internal static class VaultOptionsValidator
{
    public static void Validate(VaultOptions options, SectionValidation validation)
    {
        if (options.KeyFile is not null && options.Keys.Count > 0)
            validation.Error("vault.keyFile", "both keys and a key file are given", "Keep one of them.");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < options.Keys.Count; index++)
        {
            var key = options.Keys[index];
            var path = $"vault.keys[{index}]";
            if (!SealingKey.IsId(key.Id))
            {
                validation.Error($"{path}.id", $"'{key.Id}' is not the name of a key.", $"Write 1 to {SealingKey.MaxIdLength} of 'a-z 0-9 . _ -', for example '2026-07'.");
            }
            else if (!ids.Add(key.Id))
            {
                validation.Error($"{path}.id", $"'{key.Id}' is used twice.", "Give each key a name of its own, and never an old name to a new key.");
            }

            if (!SealingKey.TryReadMaterial(key.Key?.Reveal(), out _))
            {
                validation.Error($"{path}.key", "is not a key of 32 bytes in base64 or 64 hexadecimal digits.", "Make one with 'openssl rand -base64 32' and refer to it by '${env:NAME}' or '${file:PATH}'.");
            }
        }
    }
}
