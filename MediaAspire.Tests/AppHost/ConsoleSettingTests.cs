using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.AppHost;

/// <summary>Tests of the settings of the console that the graph passes to the API.</summary>
public sealed class ConsoleSettingTests
{
    private const string Secret = "Console__OpenIdConnect__ClientSecret";

    [Fact]
    public async Task The_secret_of_openid_connect_is_a_secret_parameter_of_the_api()
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", "--Console:OpenIdConnect:Authority=https://login.example", "--Console:OpenIdConnect:ClientSecret=hidden");
        var api = await graph.EnvironmentAsync("api");

        Assert.Equal("{console-openidconnect-clientsecret.value}", api[Secret]);
        Assert.Equal("https://login.example", api["Console__OpenIdConnect__Authority"]);
        Assert.DoesNotContain(Secret, (await graph.EnvironmentAsync("worker")).Keys);
        Assert.True(Assert.IsType<ParameterResource>(graph["console-openidconnect-clientsecret"]).Secret);
    }

    [Fact]
    public async Task Links_to_media_have_the_address_of_the_public_endpoint_unless_the_settings_name_another()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");
        await using var other = await GraphModel.DescribeAsync("--Engines=processes", "--Media:PublicAddress=https://media.example");
        var api = await graph.EnvironmentAsync("api");

        Assert.Equal("{api.bindings.http.url}", api["Media__PublicAddress"]);
        Assert.DoesNotContain(Secret, api.Keys);
        Assert.Equal("https://media.example", (await other.EnvironmentAsync("api"))["Media__PublicAddress"]);
    }
}
