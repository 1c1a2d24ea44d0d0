namespace MediaAspire.Core.Cluster;

/// <summary>The PEM files for TLS between the processes of the cluster: all three, or none.</summary>
/// <remarks>With them, every process presents its certificate to the others, and accepts only those of the cluster's authority.</remarks>
public sealed class ClusterTlsOptions
{
    /// <summary>Gets or sets the path of this process's certificate, followed by intermediate certificates if there are any.</summary>
    /// <value>The default is empty: no TLS between the processes.</value>
    public string CertificatePath { get; set; } = "";

    /// <summary>Gets or sets the path of the certificate's private key, without a password.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>
    /// Gets or sets the path of the certificates of the cluster's authority. The authorities of the machine are not trusted.
    /// </summary>
    public string AuthorityPath { get; set; } = "";

    /// <summary>Gets a value indicating whether the processes use TLS.</summary>
    internal bool IsUsed => CertificatePath.Length > 0 || KeyPath.Length > 0 || AuthorityPath.Length > 0;
}
