using System.Data.Common;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>The address of the S3 API, and an access key.</summary>
internal sealed record S3Account(Uri Endpoint, string AccessKeyId, string SecretAccessKey)
{
    /// <summary>Gets what clients read from their environment, in place of what this machine's user has set up.</summary>
    /// <returns>Values by name; null takes a variable away.</returns>
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

    /// <summary>Gets scheme, host and port: all that a client needs to know.</summary>
    public string Address => Endpoint.GetLeftPart(UriPartial.Authority);
}
