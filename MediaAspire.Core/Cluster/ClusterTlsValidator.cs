using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>Rejects certificates that are incomplete or cannot be read.</summary>
internal sealed class ClusterTlsValidator : IValidateOptions<ClusterOptions>
{
    private const string Section = $"{ClusterOptions.SectionName}:{nameof(ClusterOptions.Tls)}";

    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        var tls = options.Tls;
        if (!tls.IsUsed)
        {
            return ValidateOptionsResult.Success;
        }

        if (tls.CertificatePath.Length == 0 || tls.KeyPath.Length == 0 || tls.AuthorityPath.Length == 0)
        {
            return ValidateOptionsResult.Fail(
                $"{Section} needs {nameof(tls.CertificatePath)}, {nameof(tls.KeyPath)} and {nameof(tls.AuthorityPath)}, or none of them.");
        }

        try
        {
            ClusterCertificate.Load(tls);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                $"{Section}: the certificate {tls.CertificatePath} with the key {tls.KeyPath} cannot be used: {exception.Message} "
                + "Both must be PEM files, and the key must have no password.");
        }

        try
        {
            ClusterCertificate.LoadAuthority(tls);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                $"{Section}: the authority {tls.AuthorityPath} cannot be used: {exception.Message} "
                + "It must be a PEM file with certificates.");
        }

        return ValidateOptionsResult.Success;
    }
}
