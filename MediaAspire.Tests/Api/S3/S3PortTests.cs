using System.Net;
using System.Text;
using MediaAspire.Api.Limits;
using MediaAspire.Api.S3;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.S3;

public sealed class S3PortTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_s3_port_knows_no_route_of_ours_and_the_other_one_no_bucket()
    {
        var (http, s3) = (FreePorts.Next(), FreePorts.Next());
        await using var app = Build(s3, $"http://127.0.0.1:{http};http://127.0.0.1:{s3}");
        await app.StartAsync();
        using var client = new HttpClient();

        using var health = await client.GetAsync($"http://127.0.0.1:{http}/health");
        Assert.Equal("fine", await health.Content.ReadAsStringAsync());

        // The port is checked against the connection, and the Host header is ignored.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{s3}/health");
        request.Headers.Host = $"127.0.0.1:{http}";
        using var bucket = await client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.OK, bucket.StatusCode);
        Assert.Equal("application/xml", bucket.Content.Headers.ContentType?.MediaType);
        Assert.True(bucket.Headers.Contains("x-amz-request-id"));
    }

    [Fact]
    public async Task A_body_beyond_the_servers_own_limit_and_many_headers_come_through()
    {
        var s3 = FreePorts.Next();
        await using var app = Build(s3, $"http://127.0.0.1:{s3}");
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 });

        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{s3}/{new string('k', 9000)}")
        {
            Content = new ByteArrayContent(new byte[31_000_000]),
        };
        for (var number = 0; number < 500; number++)
        {
            request.Headers.TryAddWithoutValidation($"x-amz-meta-{number}", "ü");
        }

        using var answer = await client.SendAsync(request);

        Assert.Equal("31000000 bytes, 500 headers", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_process_that_does_not_listen_on_its_s3_port_ends_and_says_so()
    {
        var http = FreePorts.Next();
        await using var app = Build(http + 1, $"http://127.0.0.1:{http}");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());

        Assert.Contains($"S3:Port is {http + 1}", failure.Message, StringComparison.Ordinal);
    }

    private WebApplication Build(int s3Port, string urls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["S3:Port"] = $"{s3Port}" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(urls);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IS3Authenticator, HeaderAuthenticator>();
        builder.Services.AddSingleton<ITokenSource>(new TestTokens());
        builder.AddLimits();
        builder.AddS3();
        builder.Services.AddS3Operation<Count>(
            new S3Operation("Count", HttpMethods.Post, S3Scope.Bucket, Action: null, typeof(Count))
            {
                Header = "x-amz-meta-1",
                NeedsBucket = false,
                Authenticates = false,
            });

        var app = builder.Build();
        app.UseS3();
        app.UseRouting();
        app.MapGet("/health", () => "fine");
        return app;
    }

    private sealed class Count : IS3Operation
    {
        public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
        {
            var bytes = 0L;
            var buffer = new byte[64 * 1024];
            while (await request.Http.Request.Body.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                bytes += read;
            }

            var headers = request.Headers.Keys.Count(name => name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase));
            await request.Response.WriteAsync($"{bytes} bytes, {headers} headers", cancellationToken);
        }
    }
}
