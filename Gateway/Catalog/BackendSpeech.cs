using Cortex.Foundation.Model;
using Cortex.Sessions;

namespace Cortex.Catalog;

/// <summary>How a native server speaks.</summary>
/// <param name="Version">The newest revision that it and the gateway speak.</param>
/// <param name="Legacy">The newest legacy revision that a modern server speaks besides; null when it speaks none.</param>
/// <param name="Completes">True when it completes arguments.</param>
/// <param name="Subscribes">True when it tells of changes to single resources.</param>
/// <param name="Logs">True when it sends log messages.</param>
internal sealed record BackendSpeech(ProtocolVersion Version, ProtocolVersion? Legacy, bool Completes, bool Subscribes, bool Logs)
{
    /// <summary>
    /// The revision for one caller. A legacy caller that can be asked back gets the server's legacy era where it has one, since its questions
    /// can be relayed within an era only; all others get the newest. A caller without a session declares <see cref="ClientCapabilities.None"/>.
    /// </summary>
    public ProtocolVersion For(Era callerEra, ClientCapabilities capabilities) =>
        callerEra == Era.Legacy && capabilities.AsksBack && Legacy is not null ? Legacy : Version;
}
