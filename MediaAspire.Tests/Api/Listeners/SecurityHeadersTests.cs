namespace MediaAspire.Tests.Api.Listeners;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/files", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/admin/nodes", 404)]
    [InlineData("/fault", 500)]
    public async Task Every_response_forbids_browsers_to_run_frame_or_guess_it(string path, int status)
    {
        await using var host = await ListenerHost.StartAsync();

        using var response = await host.Http.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal(
            "default-src 'none'; frame-ancestors 'none'; sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task The_pages_of_the_reference_may_run_their_own_script_and_not_be_framed()
    {
        await using var host = await ListenerHost.StartAsync();

        using var response = await host.Admin.GetAsync("/scalar/v1");

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }
}
