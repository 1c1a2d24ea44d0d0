using MediaAspire.Api.Images;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Retention;
using MediaAspire.Worker.Variants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Images.Variants;

/// <summary>A replica of the API, or a worker, in this process, whose blobs are objects in memory.</summary>
internal sealed class VariantsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryDirectory _scratch;

    private VariantsHost(WebApplication app, TemporaryDirectory scratch)
    {
        _app = app;
        _scratch = scratch;
        Client = app.CreateKeyedClient();
    }

    /// <summary>Gets a client with a key of every scope.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Creates a client without a key.</summary>
    public HttpClient CreateStranger() => new() { BaseAddress = new Uri(_app.Urls.First()) };

    /// <param name="postgres">The database.</param>
    /// <param name="store">The object store.</param>
    /// <param name="processor">The processor of a worker; <see langword="null"/> for a replica of the API only.</param>
    /// <param name="runsJobs">Whether the worker takes jobs.</param>
    /// <param name="settings">Settings.</param>
    public static async Task<VariantsHost> StartAsync(
        PostgresFixture postgres,
        IObjectStore store,
        CountingProcessor? processor,
        bool runsJobs,
        params (string Key, string Value)[] settings)
    {
        var scratch = new TemporaryDirectory();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration["Cluster:Token"] = TestNode.Token;
        builder.Configuration["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none";
        builder.Configuration["Images:Store"] = "s3";
        builder.Configuration["Jobs:RetryDelay"] ??= "00:00:00.020";
        builder.Configuration["Jobs:MaxRetryDelay"] ??= "00:00:00.020";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton(store);
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.AddCluster();
        builder.AddFileStore();
        builder.Services.TryAddSingleton<ICopyFaults, RecordedFaults>();
        if (runsJobs)
        {
            builder.AddJobs();
        }

        builder.AddJobQueue();
        builder.AddImages();
        if (processor is not null)
        {
            builder.Services.AddSingleton<IImageProcessor>(processor);
            builder.Services.AddSingleton(_ => new ScratchDirectory(scratch.Path));
            builder.AddVariantWork();
            builder.Services.TryAddSingleton<VariantRetention>();
            builder.Services.TryAddSingleton<VariantRetentionDuty>();
        }

        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseSecurity();

        // Only the routes of these tests, so that those of others need no services here.
        var images = app.MapGroup("/images");
        images.MapReads();
        images.MapVariants();
        images.MapSigning();
        images.MapImgproxy();
        await app.StartWithKeyAsync();
        return new(app, scratch);
    }

    /// <summary>Stores an image with an alias.</summary>
    public async Task<ImageAlias> AddImageAsync(string name, int width = 4000, int height = 3000, string? owner = null)
    {
        var path = Path.Combine(_scratch.Path, Guid.CreateVersion7().ToString("N"));
        await File.WriteAllTextAsync(path, name);
        var blobs = Services.GetRequiredService<ImageBlobs>();
        var alias = new ImageAlias($"{name}.jpg");
        var image = ImageId.New(TimeProvider.System);
        var details = new ImageDetails { Format = ImageFormat.Jpeg, Width = width, Height = height };
        await using var staged = await blobs.StageAsync(path, "image/jpeg", CancellationToken.None);
        var isCommitted = await staged.TryCommitAsync(
            [
                new("INSERT INTO images (image_id, sha256, size, format, blob_id, details) VALUES ($1, $2, $3, 'jpeg', $4, $5::jsonb)")
                {
                    Parameters =
                    {
                        new() { Value = image.Value }, new() { Value = staged.Blob.Sha256.Bytes.ToArray() },
                        new() { Value = staged.Blob.Size }, new() { Value = staged.Blob.Id.Value },
                        new() { Value = ImageDetailsFormat.Write(details) },
                    },
                },
                new("INSERT INTO image_aliases (alias, image_id, delete_token, owner) VALUES ($1, $2, sha256('token'), $3)")
                {
                    Parameters =
                    {
                        new() { Value = alias.Value }, new() { Value = image.Value },
                        new() { Value = (object?)owner ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                    },
                },
            ],
            CancellationToken.None);
        Assert.True(isCommitted);
        return alias;
    }

    public async Task<string> GetOkAsync(string address)
    {
        using var response = await Client.GetAsync(address);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {body}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _scratch.Dispose();
    }
}
