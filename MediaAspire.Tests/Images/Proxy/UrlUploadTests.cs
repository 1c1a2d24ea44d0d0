using MediaAspire.Core.Images.Uploads;
using MediaAspire.Tests.Fetching;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Images.Proxy;

public sealed class UrlUploadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_image_of_another_server_becomes_one_like_any_other()
    {
        var content = TestImages.MakePng(10);
        await using var origin = await OriginServer.StartAsync(
            async context => await context.Response.Body.WriteAsync(content, context.RequestAborted));
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);

        var outcome = await UploadAsync(cluster, $"http://127.0.0.1:{origin.Port}/a", new UploadWishes());

        Assert.Equal(UploadState.Done, outcome.State);
        Assert.Equal(content.Length, await cluster.ExecuteAsync("SELECT size FROM images"));
        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM image_aliases WHERE accessed_at IS NULL"));
    }

    [Fact]
    public async Task A_failure_of_the_origin_is_the_result_of_the_upload()
    {
        var requests = 0;
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            switch (context.Request.Path)
            {
                case "/missing":
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    break;
                case "/flaky" when Interlocked.Increment(ref requests) < 3:
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    break;
                default:
                    await context.Response.Body.WriteAsync(TestImages.MakePng(11), context.RequestAborted);
                    break;
            }
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var address = $"http://127.0.0.1:{origin.Port}";

        Assert.Equal("origin-status", (await UploadAsync(cluster, $"{address}/missing", new())).Failure!.Code);
        Assert.Equal("validate-file-size", (await UploadAsync(cluster, $"{address}/a", new() { MaxFileSize = 100 })).Failure!.Code);
        Assert.Equal("url-refused", (await UploadAsync(cluster, $"http://127.0.0.9:{origin.Port}/", new())).Failure!.Code);
        Assert.Equal(UploadState.Done, (await UploadAsync(cluster, $"{address}/flaky", new())).State);
        Assert.Equal(0, await cluster.ExecuteAsync(
            """
            SELECT count(*) FROM files f WHERE upload_status = 'completed'
            AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.file_id = f.file_id)
            """));
    }

    [Fact]
    public async Task An_upload_whose_job_was_lost_is_fetched_by_the_duty()
    {
        await using var origin = await OriginServer.StartAsync(
            async context => await context.Response.Body.WriteAsync(TestImages.MakePng(12), context.RequestAborted));
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var upload = await cluster.Urls.AddAsync(null, new(), new Uri($"http://127.0.0.1:{origin.Port}/"), default);

        await cluster.ExecuteAsync("UPDATE image_uploads SET created_at = now() - interval '2 minutes'");
        Assert.Equal(1, await cluster.SweepAsync());

        Assert.Equal(UploadState.Done, (await cluster.Uploads.WaitAsync(upload, TimeSpan.FromSeconds(30), default))!.State);
        Assert.Equal(0, await cluster.SweepAsync());
    }

    private static async Task<UploadOutcome> UploadAsync(FetchCluster cluster, string url, UploadWishes wishes)
    {
        var upload = await cluster.Urls.AddAsync(owner: null, wishes, new Uri(url), CancellationToken.None);
        await cluster.Urls.EnqueueAsync(upload, CancellationToken.None);
        return (await cluster.Uploads.WaitAsync(upload, TimeSpan.FromSeconds(30), CancellationToken.None))!;
    }
}
