using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>The certificates by which the processes of the cluster recognise each other, if there are any.</summary>
/// <remarks>
/// Thread-safe. A renewed certificate is used for new connections within <see cref="s_reloadInterval"/>, without a restart; a new authority
/// needs one.
/// </remarks>
public sealed partial class ClusterCertificates
{
    private static readonly TimeSpan s_reloadInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_expiryNotice = TimeSpan.FromDays(14);

    // The purposes of a certificate that RFC 5280 4.2.1.12 calls serverAuth and clientAuth.
    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid s_clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly ClusterTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterCertificates> _logger;
    private readonly X509Certificate2Collection _authority = [];
    private readonly Lock _lock = new();
    private ClusterCertificate? _current;
    private long _readAt;

    public ClusterCertificates(IOptions<ClusterOptions> options, TimeProvider time, ILogger<ClusterCertificates> logger)
    {
        _options = options.Value.Tls;
        _time = time;
        _logger = logger;
        if (!IsUsed)
        {
            return;
        }

        _authority = ClusterCertificate.LoadAuthority(_options);
        _current = ClusterCertificate.Load(_options);
        _readAt = time.GetTimestamp();
        LogCurrent(_current.Own);
    }

    /// <summary>Gets a value indicating whether the processes use TLS among each other.</summary>
    public bool IsUsed => _options.IsUsed;

    /// <summary>Creates the client's side of connections: the server needs a certificate of the authority, for the name called.</summary>
    public SslClientAuthenticationOptions CreateClientOptions() => new()
    {
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Current().Own,
        CertificateChainPolicy = TrustOnly(s_serverAuthentication),
    };

    /// <summary>Creates the server's side of one connection: the client must have a certificate of the authority.</summary>
    public SslServerAuthenticationOptions CreateServerOptions() => new()
    {
        ServerCertificateContext = Current().Context,
        ClientCertificateRequired = true,
        CertificateChainPolicy = TrustOnly(s_clientAuthentication),

        // A resumed session would outlive the certificate that it began with.
        AllowTlsResume = false,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    // Without downloads, a stranger's certificate cannot make this process connect to the addresses in it.
    private X509ChainPolicy TrustOnly(Oid purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(purpose);
        policy.CustomTrustStore.AddRange(_authority);
        return policy;
    }

    private ClusterCertificate Current()
    {
        lock (_lock)
        {
            var current = _current ?? throw new InvalidOperationException("The cluster has no certificates.");
            if (_time.GetElapsedTime(_readAt) < s_reloadInterval)
            {
                return current;
            }

            _readAt = _time.GetTimestamp();
            try
            {
                _current = current.Reload(_options);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // Half of a renewal, perhaps: the other file follows.
                LogNotReloaded(_options.CertificatePath, exception.Message);
            }

            if (_current != current)
            {
                LogCurrent(_current.Own);
            }

            return _current;
        }
    }

    private void LogCurrent(X509Certificate2 certificate)
    {
        LogLoaded(certificate.Subject, certificate.NotAfter);
        if (certificate.NotAfter - _time.GetUtcNow() < s_expiryNotice)
        {
            LogExpires(certificate.Subject, certificate.NotAfter);
        }
    }

    [LoggerMessage(LogLevel.Information, "The cluster's processes use TLS; the certificate {Subject} is valid until {NotAfter}")]
    private partial void LogLoaded(string subject, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "The certificate {Subject} expires at {NotAfter}. Renew it: other processes refuse it then")]
    private partial void LogExpires(string subject, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "Reading the certificate {Path} again failed, so the previous one stays: {Reason}")]
    private partial void LogNotReloaded(string path, string reason);
}
