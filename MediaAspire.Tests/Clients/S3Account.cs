using System.Data.Common;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>The address of the S3 API, and an access key.</summary>
internal sealed record S3Account(Uri Endpoint, string AccessKeyId, string SecretAccessKey)
{
    /// <summary>Gets the environment of clients, which replaces the configuration of this machine's user.</summary>
    /// <returns>Values by name; null removes a variable.</returns>
    public Dictionary<string, string?> Environment(string home) => new()
    {
        ["S3_ENDPOINT"] = Address,
        ["AWS_ACCESS_KEY_ID"] = AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = SecretAccessKey,
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_CA_BUNDLE"] = null,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = Path.Combine(home, "none"),
        ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(home, "none"),
        ["HOME"] = home,
        ["LC_ALL"] = "C.UTF-8",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>Gets the graph's own key.</summary>
    public static async Task<S3Account> OfAsync(GraphFixture graph)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = await graph.App.GetConnectionStringAsync("s3") };
        return new S3Account(new Uri((string)settings["Endpoint"]), (string)settings["AccessKey"], (string)settings["SecretKey"]);
    }

    /// <summary>Gets scheme, host and port.</summary>
    public string Address => Endpoint.GetLeftPart(UriPartial.Authority);
}
