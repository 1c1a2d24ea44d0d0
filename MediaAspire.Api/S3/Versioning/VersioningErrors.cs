using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Versioning;

internal static class VersioningErrors
{
    public static S3Error NoStatus() =>
        new("IllegalVersioningConfigurationException", 400, "The Versioning element must be specified");
}
