using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Uploads;

/// <summary>The use cases of uploads over a catalog in PostgreSQL and an object store in memory.</summary>
internal sealed class UploadWorld : IAsyncDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly TestMediaStore _catalog;
    private readonly PostgresFixture _postgres;

    private UploadWorld(TestMediaStore catalog, PostgresFixture postgres, IObjectStore? store)
    {
        _catalog = catalog;
        _postgres = postgres;
        var objects = store ?? Objects;
        var options = Options.Create(new MediaUploadOptions { MultipartSize = 5 << 20 });
        var addresses = new UploadAddresses(objects, options, Options.Create(new ObjectStoreOptions()));
        Create = new CreateMedia(catalog.Store, objects, addresses, options, TimeProvider.System, NullLogger<CreateMedia>.Instance);
        var inspector = new PartInspector(objects, options);
        Finalize = new FinalizeMedia(catalog.Store, inspector, options, TimeProvider.System);
        FinalizeElsewhere = new FinalizeMedia(catalog.Store, inspector, options, TimeProvider.System);
        Finisher = new UploadFinisher(catalog.Store, Finalize);
        Renew = new RenewUploads(catalog.Store, objects, addresses, TimeProvider.System);
        Verifier = new PartVerifier(catalog.Store, objects, options, TimeProvider.System, NullLogger<PartVerifier>.Instance);
        Deletions = new ObjectDeletions(postgres.Database);
        Audit = new ObjectAudit(postgres.Database, catalog.Store, objects, Deletions, TimeProvider.System);
    }

    public FakeObjectStore Objects { get; } = new();

    public IMediaStore Store => _catalog.Store;

    public CreateMedia Create { get; }

    public FinalizeMedia Finalize { get; }

    /// <summary>Gets what another process has.</summary>
    public FinalizeMedia FinalizeElsewhere { get; }

    public UploadFinisher Finisher { get; }

    public RenewUploads Renew { get; }

    public PartVerifier Verifier { get; }

    public ObjectDeletions Deletions { get; }

    public ObjectAudit Audit { get; }

    public static async Task<UploadWorld> OpenAsync(PostgresFixture postgres, IObjectStore? store = null) =>
        new(await TestMediaStore.OpenAsync(postgres), postgres, store);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Makes the declaration of an item with one part for each content.</summary>
    public static NewMediaInput Input(params string[] contents) => new()
    {
        Name = "Sunset",
        Parts =
        [
            .. contents.Select(content => new NewPartInput
            {
                ContentType = "text/plain",
                Size = Bytes(content).Length,
                Sha256 = Convert.ToHexString(SHA256.HashData(Bytes(content))),
            }),
        ],
    };

    public static Core.Media.Uploads.NewMedia Parse(NewMediaInput input, MediaUploadOptions? options = null)
    {
        Assert.True(NewMediaRules.TryParse(input, options ?? new MediaUploadOptions(), out var media, out var fault), $"{fault}");
        return media;
    }

    public Task<CreateResult> CreateAsync(NewMediaInput input, string owner = "alice") =>
        Create.CreateAsync(new MediaOwner(owner), Parse(input), s_none);

    /// <summary>Creates an item with one part for each content.</summary>
    public async Task<MediaItem> CreateAsync(params string[] contents) =>
        Assert.IsType<CreateResult.Created>(await CreateAsync(Input(contents))).Item;

    public Task<FinishResult> FinalizeAsync(MediaId id) => Finalize.FinalizeAsync(id, sender: null, s_none);

    public async Task<MediaItem> FindAsync(MediaId id) => (await Store.FindAsync(id, s_none))!;

    public async Task<string[]> JobsAsync()
    {
        await using var command = _postgres.Database.CreateCommand("SELECT coalesce(array_agg(kind ORDER BY kind), '{}') FROM jobs");
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<IReadOnlyList<string>> ListDeletionsAsync() => _catalog.ListDeletionsAsync();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();
}
