using System.Security.Cryptography;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Api.S3;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.ObjectStore;

/// <summary>The product's own S3 API, with signatures, and its client.</summary>
internal sealed class TestObjectStore : IAsyncDisposable
{
    private const string Secret = "h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLhhluN30JaT3Q==";

    private TestObjectStore(S3TestHost s3)
    {
        S3 = s3;
        Store = Client(ConnectionString());
    }

    public S3TestHost S3 { get; }

    public ObjectStoreClient Store { get; }

    public static async Task<TestObjectStore> StartAsync(PostgresFixture postgres)
    {
        var options = new AccessKeyOptions { SecretsKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        await using (var clear = postgres.Database.CreateCommand("DELETE FROM access_keys"))
        {
            await clear.ExecuteNonQueryAsync();
        }

        var s3 = await S3TestHost.StartAsync(postgres, services: services => services
            .AddSingleton(Options.Create(options))
            .AddSingleton<SecretSealer>()
            .AddSingleton<AccessKeyStore>()
            .AddSingleton<IAccessKeys, AccessKeyCache>()
            .AddSingleton<IS3Authenticator, SigV4Authenticator>());
        var key = new NewAccessKey("MEDIA", Secret, new(S3TestHost.Owner, "Alice"));
        Assert.NotNull(await s3.Service<AccessKeyStore>().CreateAsync(key, CancellationToken.None));
        await s3.CreateBucketAsync("media");
        return new TestObjectStore(s3);
    }

    public static ObjectStoreClient Client(string connectionString, TimeProvider? time = null) =>
        new(Options.Create(new ObjectStoreOptions { ConnectionString = connectionString, Retries = 0 }), time ?? TimeProvider.System);

    public string ConnectionString(string secret = Secret) =>
        $"Endpoint={S3.Address.GetLeftPart(UriPartial.Authority)};AccessKey=MEDIA;SecretKey={secret};Region=us-east-1;Bucket=media";

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await S3.DisposeAsync();
    }
}
