using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Cluster;

public sealed class ClusterAccessTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public void Admits_NoTokenConfiguredAndNotOpen_NeverAdmits()
    {
        var access = new ClusterAccess(Options.Create(new ClusterOptions()));

        Assert.False(access.Admits(null));
        Assert.False(access.Admits(""));
        Assert.False(access.Admits("x"));
    }

    [Fact]
    public void Admits_OpenWithAToken_StillNeedsTheToken()
    {
        var access = new ClusterAccess(Options.Create(new ClusterOptions { IsOpen = true, Token = Token }));

        Assert.False(access.Admits(null));
        Assert.True(access.Admits(Token));
        Assert.True(new ClusterAccess(Options.Create(new ClusterOptions { IsOpen = true })).Admits(null));
    }

    [Theory]
    [InlineData("Production", Token, null, null)]
    [InlineData("Production", "", null, "Cluster:Token is empty")]
    [InlineData("Development", "", null, "Cluster:Token is empty")]
    [InlineData("Development", "", "true", null)]
    [InlineData("Production", "", "true", "Security:Open is true")]
    [InlineData("Production", Token, "true", "Security:Open is true")]
    [InlineData("Production", "0123456789abcde", null, "Cluster:Token must have 16 to 1024 printable ASCII characters")]
    [InlineData("Production", Token + "\n", null, "Cluster:Token must have 16 to 1024 printable ASCII characters")]
    [InlineData("Production", "0123456789 bcdef", null, "Cluster:Token must have 16 to 1024 printable ASCII characters")]
    [InlineData("Production", "0123456789äbcdef", null, "Cluster:Token must have 16 to 1024 printable ASCII characters")]
    public void Start_TokenAndEnvironment_StartsOrSaysWhy(string environment, string token, string? open, string? expected)
    {
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Cluster:Token"] = token, ["Security:Open"] = open });
        builder.AddNodeRegistry();
        using var host = builder.Build();

        var error = Record.Exception(() => host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value);

        if (expected is null)
        {
            Assert.Null(error);
            return;
        }

        var invalid = Assert.IsType<OptionsValidationException>(error);
        Assert.StartsWith(expected, invalid.Message, StringComparison.Ordinal);
        Assert.True(token.Length == 0 || !invalid.Message.Contains(token, StringComparison.Ordinal));
    }
}
