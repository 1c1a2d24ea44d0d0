using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.AccessKeys;

public sealed class AccessKeyOptionsTests
{
    private const string Good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void Read_SecretsKeyAlone_IsEnough()
    {
        var options = Read(("S3:SecretsKey", Good));

        Assert.Null(options.RootAccessKey);
        Assert.Equal(64, options.RootOwnerId.Length);
        Assert.Equal(TimeSpan.FromSeconds(5), options.KeysCachedFor);
    }

    [Theory]
    [InlineData("SecretsKey", "S3:SecretsKey", "")]
    [InlineData("S3:SecretsKey is not base64 of 32 bytes", "S3:SecretsKey", "AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("S3:SecretsKey is not base64 of 32 bytes", "S3:SecretsKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj")]
    [InlineData("S3:SecretsKey is not base64 of 32 bytes", "S3:SecretsKey", "not base64 at all, though of a fitting length")]
    [InlineData("S3:OldSecretsKeys:1 is not base64 of 32 bytes", "S3:OldSecretsKeys:0", Good, "S3:OldSecretsKeys:1", "a short old key")]
    [InlineData("must be set together", "S3:RootAccessKey", "ROOT")]
    [InlineData("must be set together", "S3:RootSecretKey", "12345678")]
    [InlineData("S3:RootAccessKey is not an access key id", "S3:RootAccessKey", "a/b", "S3:RootSecretKey", "12345678")]
    [InlineData("S3:RootSecretKey is not a secret", "S3:RootAccessKey", "ROOT", "S3:RootSecretKey", "short")]
    [InlineData("RootOwnerId", "S3:RootOwnerId", "a b")]
    [InlineData("RootDisplayName", "S3:RootDisplayName", "")]
    [InlineData("KeysCachedFor", "S3:KeysCachedFor", "00:02:00")]
    public void Read_BadValue_NamesItAndNotTheSecret(string expected, params string[] settings)
    {
        var pairs = settings.Chunk(2).Select(pair => (pair[0], pair[1])).Prepend(("S3:SecretsKey", Good)).ToArray();

        var failure = Assert.Throws<OptionsValidationException>(() => Read(pairs));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(settings.Where(value => value.Length > 10 && !value.StartsWith("S3:", StringComparison.Ordinal)),
            value => failure.Message.Contains(value, StringComparison.Ordinal));
    }

    private static AccessKeyOptions Read(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddAccessKeys();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<AccessKeyOptions>>().Value;
    }
}
