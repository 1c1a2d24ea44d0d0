using System.Security.Cryptography;
using MediaAspire.Api.Images;
using MediaAspire.Api.Media;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.Imaging;
using MediaAspire.Worker.Motion;
using MediaAspire.Worker.Processing;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Variants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;

namespace MediaAspire.Tests.Media.Variants;

/// <summary>
/// The routes of media and images and a worker in this process, with its real processes for pictures and videos, over PostgreSQL and an
/// object store in memory.
/// </summary>
internal sealed class VariantWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PostgresFixture _postgres;
    private readonly TemporaryDirectory _scratch;
    private readonly HttpClient _client;

    private VariantWorld(WebApplication app, PostgresFixture postgres, TemporaryDirectory scratch)
    {
        (_app, _postgres, _scratch) = (app, postgres, scratch);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeObjectStore Objects => (FakeObjectStore)Get<IObjectStore>();

    public IMediaStore Store => Get<IMediaStore>();

    public static async Task<VariantWorld> StartAsync(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions", "jobs", "dead_jobs", "images", "image_blobs",
            "owners");
        var scratch = new TemporaryDirectory();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Cluster:Token"] = TestNode.Token;
        builder.Configuration["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none";
        builder.Configuration["Images:Store"] = "s3";
        builder.Configuration["Imaging:TempDirectory"] = scratch.Path;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IObjectStore>(new FakeObjectStore());
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.AddCluster();
        builder.AddFileStore();
        builder.Services.TryAddSingleton<ICopyFaults, RecordedFaults>();
        builder.AddMedia();
        ImageApiHostExtensions.AddImages(builder);
        builder.AddJobs();
        builder.AddImaging();
        builder.AddMediaProcessing();
        builder.AddVariantWork();
        builder.AddMotionWork();
        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseSecurity();
        app.MapMedia();
        var images = app.MapGroup("/images");
        images.MapReads();
        images.MapMotions();
        await app.StartWithKeyAsync();
        return new(app, postgres, scratch);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Creates a key that is bound to an owner.</summary>
    public async Task<string> CreateKeyAsync(string owner)
    {
        await new OwnerStore(_postgres.Database).EnsureAsync(new OwnerId(owner), owner, CancellationToken.None);
        var (key, secret) = (ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());
        await Get<ApiKeyStore>().CreateAsync(
            new NewApiKey(key, ApiKeyFormat.Hash(secret), "test", ["read", "write"]) { Owner = new OwnerId(owner) },
            CancellationToken.None);
        return ApiKeyFormat.Compose(key, secret);
    }

    /// <summary>Adds an item whose parts are local files, and waits until a worker has processed it.</summary>
    public async Task<MediaItem> AddAsync(MediaKind kind, bool isPublic, params (string Type, string Path)[] parts)
    {
        var id = MediaId.New(TimeProvider.System);
        var stored = new List<MediaPart>();
        foreach (var (type, path) in parts)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            var part = new MediaPart(
                stored.Count + 1, "main", $"media/{id.Value:N}/{stored.Count + 1}-{Guid.CreateVersion7():N}", type, bytes.Length,
                new Sha256Digest(SHA256.HashData(bytes)), MediaPartState.Stored);
            Objects.Upload(part.ObjectKey, bytes);
            stored.Add(part);
        }

        var item = NewMedia.Of("anna", "an item") with
        {
            Id = id,
            Kind = kind,
            Status = MediaStatus.Uploaded,
            IsPublic = isPublic,
            Parts = [.. stored],
        };
        await Store.ChangeAsync(
            [], _ => new MediaDecision<bool>(true) { Created = [item], Jobs = [ProcessMedia.Of(id, TimeProvider.System)] }, default);
        await Until.TrueAsync(
            "the item is processed",
            async () => (await Store.FindAsync(id, default))!.Status is MediaStatus.Ready or MediaStatus.Failed);
        return (await Store.FindAsync(id, default))!;
    }

    /// <summary>Reads the details of a picture or a video. Its process can open files of the worker's scratch directory only.</summary>
    public async Task<ImageOutcome<ImageDetails>> ProbeAsync(string path)
    {
        var copy = Get<ScratchDirectory>().NewFile();
        File.Copy(path, copy);
        try
        {
            return await Get<IImageProcessor>().ProbeAsync(copy, new(), CancellationToken.None);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Stores an image of the repository with an alias.</summary>
    public async Task<string> AddImageAsync(string path)
    {
        var (details, failure) = await ProbeAsync(path);
        Assert.True(details is not null, failure?.Message);
        var (image, alias) = (ImageId.New(TimeProvider.System), $"{Guid.CreateVersion7():D}.{ImageFormats.ExtensionOf(details.Format)}");
        await using var staged = await Get<ImageBlobs>().StageAsync(
            path, ImageFormats.MediaTypeOf(details.Format), CancellationToken.None);
        Assert.True(await staged.TryCommitAsync(
            [
                new("INSERT INTO images (image_id, sha256, size, format, blob_id, details) VALUES ($1, $2, $3, $4, $5, $6)")
                {
                    Parameters =
                    {
                        new() { Value = image.Value }, new() { Value = staged.Blob.Sha256.Bytes.ToArray() },
                        new() { Value = staged.Blob.Size }, new() { Value = ImageDetailsFormat.NameOf(details.Format) },
                        new() { Value = staged.Blob.Id.Value },
                        new() { Value = ImageDetailsFormat.Write(details), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    },
                },
                new("INSERT INTO image_aliases (alias, image_id, delete_token) VALUES ($1, $2, sha256('token'))")
                {
                    Parameters = { new() { Value = alias }, new() { Value = image.Value } },
                },
            ],
            CancellationToken.None));
        return alias;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? key = TestApiKey.Text, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in key is null ? headers : [(TestApiKey.Header, key), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request);
    }

    /// <summary>Gets a picture or a video, and writes it to a file.</summary>
    public async Task<(string Path, string Type, string Cache)> GetAsync(
        string path, string? key = TestApiKey.Text, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync("GET", path, key, headers);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        var file = System.IO.Path.Combine(_scratch.Path, Guid.CreateVersion7().ToString("N"));
        await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync());
        return (file, response.Content.Headers.ContentType!.MediaType!, response.Headers.CacheControl!.ToString());
    }

    /// <summary>Asserts the status and the code of a response.</summary>
    public async Task ExpectAsync(int status, string? code, string path, string? key = TestApiKey.Text, string method = "GET")
    {
        using var response = await SendAsync(method, path, key);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{path}: {(int)response.StatusCode} {text}");
        Assert.True(code is null || text.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal), text);
    }

    public Task<long> CountAsync(string table) => _postgres.ScalarAsync<long>($"SELECT count(*) FROM {table}");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _scratch.Dispose();
    }
}
