using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaAspire.Tests.Api.Listeners;

/// <summary>A self-signed certificate of this machine's loopback address, in two PEM files.</summary>
internal sealed class TlsCertificate
{
    private TlsCertificate(string certificateFile, string keyFile, string thumbprint) =>
        (CertificateFile, KeyFile, Thumbprint) = (certificateFile, keyFile, thumbprint);

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public string Thumbprint { get; }

    /// <summary>Makes a certificate, and writes it over an earlier one in the same directory.</summary>
    public static TlsCertificate Write(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=media.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Kestrel watches the certificate's file, and then reads both.
        var made = new TlsCertificate(
            Path.Combine(directory, "server.crt"), Path.Combine(directory, "server.key"), certificate.Thumbprint);
        File.WriteAllText(made.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(made.CertificateFile, certificate.ExportCertificatePem());
        return made;
    }
}
