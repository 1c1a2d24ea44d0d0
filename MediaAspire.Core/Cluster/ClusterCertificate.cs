using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaAspire.Core.Cluster;

/// <summary>A certificate with its private key, and the text that it was read from.</summary>
internal sealed class ClusterCertificate
{
    private readonly string _certificatePem;
    private readonly string _keyPem;

    private ClusterCertificate(string certificatePem, string keyPem)
    {
        _certificatePem = certificatePem;
        _keyPem = keyPem;
        Own = X509Certificate2.CreateFromPem(certificatePem, keyPem);

        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatePem);
        Intermediates = [.. all.Skip(1)];
        Context = SslStreamCertificateContext.Create(Own, Intermediates, offline: true);
    }

    /// <summary>Gets the certificate.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Gets the certificates between it and the authority.</summary>
    public X509Certificate2Collection Intermediates { get; }

    /// <summary>Gets both, for the server's side of a connection.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads the certificate and its key.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file is malformed, or key and certificate do not belong together.</exception>
    public static ClusterCertificate Load(ClusterTlsOptions options)
    {
        var (certificate, key) = Read(options);
        return Parse(certificate, key);
    }

    /// <summary>Reads the files again.</summary>
    /// <returns>This one when they have not changed.</returns>
    /// <inheritdoc cref="Load"/>
    public ClusterCertificate Reload(ClusterTlsOptions options)
    {
        // Not by the time of the files: Kubernetes renews a mounted secret behind a symbolic link.
        var (certificate, key) = Read(options);
        return certificate == _certificatePem && key == _keyPem ? this : Parse(certificate, key);
    }

    /// <summary>Reads the certificates of the authority.</summary>
    /// <inheritdoc cref="Load"/>
    public static X509Certificate2Collection LoadAuthority(ClusterTlsOptions options)
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPem(File.ReadAllText(options.AuthorityPath));
        return authority.Count > 0 ? authority : throw new CryptographicException($"{options.AuthorityPath} has no certificate.");
    }

    private static (string Certificate, string Key) Read(ClusterTlsOptions options) =>
        (File.ReadAllText(options.CertificatePath), File.ReadAllText(options.KeyPath));

    private static ClusterCertificate Parse(string certificate, string key)
    {
        try
        {
            return new ClusterCertificate(certificate, key);
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException(exception.Message, exception);
        }
    }
}
