using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Rejects an advertised address without TLS for a node that speaks only TLS.</summary>
internal sealed class AdvertisedAddressValidator(IOptions<ClusterOptions> cluster) : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        options.AdvertisedAddress is { } address && address.Scheme != Uri.UriSchemeHttps && cluster.Value.Tls.CertificatePath.Length > 0
            ? ValidateOptionsResult.Fail(
                $"{StorageOptions.SectionName}:{nameof(options.AdvertisedAddress)} is {address}, but the node speaks only TLS, because "
                + "Cluster:Tls is set. Advertise an https address.")
            : ValidateOptionsResult.Success;
}
