using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Cortex.Cli.Doctor.Wire;

/// <summary>Judges the certificates of servers: by the system's authorities, and by those that were named besides.</summary>
internal sealed class CertificateTrust(X509Certificate2Collection authorities)
{
    /// <summary>True when a client takes the certificate.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => Look(certificate, chain, errors) is { IsInTime: true, IsNamed: true, IsTrusted: true };

    /// <summary>What there is to say of a certificate; null when none was shown.</summary>
    public CertificateLook? Look(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown || chain is null)
            return null;
        var faults = Faults(shown, chain);
        return new CertificateLook(
            shown.Subject,
            shown.Issuer,
            new DateTimeOffset(shown.NotAfter),
            [.. shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))],
            !faults.HasFlag(X509ChainStatusFlags.NotTimeValid),
            !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            (faults & ~X509ChainStatusFlags.NotTimeValid) == X509ChainStatusFlags.NoError);
    }

    private X509ChainStatusFlags Faults(X509Certificate2 certificate, X509Chain system)
    {
        var faults = Sum(system);
        if (authorities.Count == 0 || faults == X509ChainStatusFlags.NoError)
            return faults;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(system.ChainElements.Select(element => element.Certificate).ToArray());
        chain.Build(certificate);
        return Sum(chain);
    }

    private static X509ChainStatusFlags Sum(X509Chain chain) => chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status);
}
