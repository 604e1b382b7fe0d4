using Cortex.Foundation.Sealing;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>Keys of every kind at once.</summary>
internal static class RotatingAll
{
    /// <summary>Makes the next key of every kind.</summary>
    public static async Task RotateAllAsync(this KeyRotation rotation)
    {
        foreach (var kind in KeyKind.All)
            await rotation.RotateAsync(kind, CancellationToken.None);
    }
}
