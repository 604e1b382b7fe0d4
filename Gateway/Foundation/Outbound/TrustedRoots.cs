using System.Security.Cryptography.X509Certificates;

namespace Cortex.Foundation.Outbound;

/// <summary>Certificate authorities that guarded clients trust in place of the system's; none are registered outside tests.</summary>
internal sealed class TrustedRoots(params IEnumerable<X509Certificate2> certificates)
{
    /// <summary>A policy that accepts chains to these alone.</summary>
    public X509ChainPolicy ToChainPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var certificate in certificates)
            policy.CustomTrustStore.Add(certificate);
        return policy;
    }
}
