using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.ObjectStore;

public sealed class ObjectStoreOptionsTests
{
    private const string Good = "Endpoint=http://s3.example:9000;AccessKey=me;SecretKey=a/b+c==;Bucket=media";

    [Fact]
    public void TryParse_AllParts_AreTakenAsTheyStand()
    {
        Assert.True(ObjectStoreConnection.TryParse(Good + ";Region=eu-north-1", out var connection, out _));

        Assert.Equal(new ObjectStoreConnection(new Uri("http://s3.example:9000"), "me", "a/b+c==", "eu-north-1", "media"), connection);
        Assert.DoesNotContain("a/b+c", connection.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_NoRegion_TakesTheFirstOne()
    {
        Assert.True(ObjectStoreConnection.TryParse(Good, out var connection, out _));

        Assert.Equal("us-east-1", connection.Region);
    }

    [Theory]
    [InlineData("required parts are missing: Endpoint, AccessKey, SecretKey, Bucket", "ConnectionStrings:s3", "")]
    [InlineData("required parts are missing: SecretKey, Bucket", "ConnectionStrings:s3", "Endpoint=http://a;AccessKey=b")]
    [InlineData("expected the form", "ConnectionStrings:s3", "very-secret-thing")]
    [InlineData(
        "Endpoint is not an absolute", "ConnectionStrings:s3", "Endpoint=s3.example;AccessKey=b;SecretKey=very-secret-thing;Bucket=d")]
    [InlineData(
        "Endpoint is not an absolute", "ConnectionStrings:s3", "Endpoint=http://a/b;AccessKey=b;SecretKey=very-secret-thing;Bucket=d")]
    [InlineData("PublicEndpoint", "ObjectStore:PublicEndpoint", "ftp://a")]
    [InlineData("PresignedFor", "ObjectStore:PresignedFor", "8.00:00:00")]
    [InlineData("Timeout", "ObjectStore:Timeout", "00:00:00")]
    [InlineData("Retries", "ObjectStore:Retries", "11")]
    public void Read_BadValue_SaysWhatIsWrongWithoutTheSecret(string expected, string key, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(("ConnectionStrings:s3", Good), (key, value)));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret-thing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Section_GoesBeforeTheConnectionString()
    {
        var options = Read(("ConnectionStrings:s3", "nonsense"), ("ObjectStore:ConnectionString", Good));

        Assert.Equal(Good, options.ConnectionString);
    }

    private static ObjectStoreOptions Read(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddObjectStore();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<ObjectStoreOptions>>().Value;
    }
}
