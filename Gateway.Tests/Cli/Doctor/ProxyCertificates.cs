using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>An authority, and certificates for a proxy: one without a fault, and one with each.</summary>
internal sealed class ProxyCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortex-doctor-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public ProxyCertificates()
    {
        var request = new CertificateRequest("CN=Authority under test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-60), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        Good = Sign("localhost", -1, 50);
        Ending = Sign("localhost", -1, 5);
        Expired = Sign("localhost", -50, -10);
        OtherHost = Sign("other.example", -1, 50);
    }

    /// <summary>For <c>--ca</c>.</summary>
    public string AuthorityFile => Path.Combine(_folder, "ca.pem");

    public X509Certificate2 Good { get; }

    /// <summary>Good for five days more.</summary>
    public X509Certificate2 Ending { get; }

    public X509Certificate2 Expired { get; }

    public X509Certificate2 OtherHost { get; }

    public void Dispose()
    {
        foreach (var certificate in new[] { Good, Ending, Expired, OtherHost })
            certificate.Dispose();
        _authority.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Sign(string host, int fromDays, int toDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays), RandomNumberGenerator.GetBytes(16));
        using var made = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
