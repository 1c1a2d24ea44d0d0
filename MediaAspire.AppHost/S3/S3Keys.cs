using System.Security.Cryptography;
using MediaAspire.AppHost.Data;
using MediaAspire.Core.AccessKeys;

namespace MediaAspire.AppHost.S3;

/// <summary>The secrets of the S3 API.</summary>
/// <param name="SecretsKey">The key that encrypts the secrets of access keys in the database.</param>
/// <param name="RootAccessKey">The id of the graph's own access key.</param>
/// <param name="RootSecretKey">The secret of the graph's own access key.</param>
internal sealed record S3Keys(
    IResourceBuilder<ParameterResource> SecretsKey,
    IResourceBuilder<ParameterResource> RootAccessKey,
    IResourceBuilder<ParameterResource> RootSecretKey)
{
    /// <summary>Gets the keys that secrets may still be sealed under.</summary>
    public IReadOnlyList<IResourceBuilder<ParameterResource>> OldSecretsKeys { get; init; } = [];
}

/// <summary>Adds the secrets of the S3 API.</summary>
internal static class S3KeysExtensions
{
    private const string OldSecretsKeyName = "s3-old-secrets-key-";

    /// <summary>Adds secret parameters.</summary>
    /// <remarks>
    /// A running graph creates them once and keeps them with its data; a deployment asks for them or generates them. The settings
    /// <c>S3:SecretsKey</c>, <c>S3:RootAccessKey</c> and <c>S3:RootSecretKey</c> override them.
    /// </remarks>
    public static S3Keys AddS3Keys(this IDistributedApplicationBuilder builder, DataDirectory data) =>
        builder.ExecutionContext.IsPublishMode
            ? new S3Keys(
                builder.AddParameter("s3-secrets-key", secret: true),
                builder.AddParameter(
                    "s3-root-access-key", new GenerateParameterDefault { MinLength = 20, Lower = false, Special = false }, secret: true),
                builder.AddParameter("s3-root-secret-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true))
            {
                // Asked for as the others are: the manifest must not contain the configured values.
                OldSecretsKeys =
                [
                    .. builder.ConfiguredOldSecretsKeys().Select((_, i) => builder.AddParameter($"{OldSecretsKeyName}{i}", secret: true)),
                ],
            }
            : new S3Keys(
                builder.AddKeptSecret("s3-secrets-key", "S3:SecretsKey", data, "s3/secrets-key", NewSecretsKey),
                builder.AddKeptSecret("s3-root-access-key", "S3:RootAccessKey", data, "s3/root-access-key", AccessKeyFormat.NewId),
                builder.AddKeptSecret("s3-root-secret-key", "S3:RootSecretKey", data, "s3/root-secret-key", AccessKeyFormat.NewSecret))
            {
                OldSecretsKeys = [.. builder.AddOldSecretsKeys(data)],
            };

    // Renaming the file of the key to this one is a rotation: a new key is created at the next start.
    private static IEnumerable<IResourceBuilder<ParameterResource>> AddOldSecretsKeys(
        this IDistributedApplicationBuilder builder, DataDirectory data)
    {
        var file = Path.Combine(data.Path, "s3/old-secrets-keys");
        var kept = File.Exists(file) ? File.ReadAllLines(file) : [];
        return builder.ConfiguredOldSecretsKeys().Concat(kept).Where(key => key.Length > 0)
            .Select((key, i) => builder.AddParameter($"{OldSecretsKeyName}{i}", key, secret: true));
    }

    private static IEnumerable<string> ConfiguredOldSecretsKeys(this IDistributedApplicationBuilder builder) =>
        builder.Configuration.GetSection("S3:OldSecretsKeys").GetChildren().Select(key => key.Value ?? "");

    private static string NewSecretsKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
