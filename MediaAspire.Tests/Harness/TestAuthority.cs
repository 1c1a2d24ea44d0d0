using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaAspire.Core.Cluster;

namespace MediaAspire.Tests.Harness;

/// <summary>An authority of a test, which issues certificates as PEM files in a directory.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly string _path;
    private int _issued;

    public TestAuthority(TemporaryDirectory directory)
    {
        _directory = directory;
        var request = new CertificateRequest("CN=authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        _path = Path.Combine(directory.Path, $"{Guid.CreateVersion7():N}.pem");
        File.WriteAllText(_path, _certificate.ExportCertificatePem());
    }

    /// <summary>Issues a certificate for the loopback address, which is valid for client and server.</summary>
    /// <param name="name">The name of the certificate's owner.</param>
    /// <param name="host">A DNS name in the place of the loopback address.</param>
    /// <param name="expired">True for one that was valid until yesterday.</param>
    /// <param name="serverOnly">True for one that is not valid for a client.</param>
    public ClusterTlsOptions Issue(string name = "node", string? host = null, bool expired = false, bool serverOnly = false)
    {
        var stem = Path.Combine(_directory.Path, $"{Guid.CreateVersion7():N}");
        var options = new ClusterTlsOptions { CertificatePath = stem + ".crt", KeyPath = stem + ".key", AuthorityPath = _path };
        Renew(options, name, host, expired, serverOnly);
        return options;
    }

    /// <summary>Replaces the files of a certificate.</summary>
    public void Renew(ClusterTlsOptions files, string name = "node", string? host = null, bool expired = false, bool serverOnly = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var purposes = new OidCollection { new Oid("1.3.6.1.5.5.7.3.1") };
        if (!serverOnly)
        {
            purposes.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(
            _certificate,
            now.AddDays(-10),
            now.AddDays(expired ? -1 : 20),
            BitConverter.GetBytes(Interlocked.Increment(ref _issued)));
        File.WriteAllText(files.CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
