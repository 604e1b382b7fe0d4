namespace Cortex.Tests.Cli.BackendTest;

/// <summary>What a <see cref="SoundBackend"/> leaves unchecked.</summary>
[Flags]
internal enum Lax
{
    None = 0,
    Missing = 1,
    Headers = 2,
    Expiry = 4,
    Audience = 8,
    Issuer = 16,
    Signature = 32,
    Unsigned = 64,
    Type = 128,
    Catalog = 256,
    Scope = 512,
}
