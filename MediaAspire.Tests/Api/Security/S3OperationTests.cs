using MediaAspire.Api.S3.Protocol;
using MediaAspire.Tests.Api.S3;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Security;

/// <summary>Tests over every operation of the S3 API, so that a new one that admits everybody fails them.</summary>
public sealed class S3OperationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Bucket = "private";
    private const string Key = "a.txt";

    /// <summary>
    /// The operations whose sender is not known before they run: a form carries its signature inside, and browsers send preflights without
    /// one.
    /// </summary>
    private static readonly string[] s_notAuthenticated = ["CorsPreflight", "PostObject"];

    /// <summary>The operations that answer an anonymous sender although no bucket allows it: it has no buckets to list.</summary>
    private static readonly string[] s_allowAnonymous = ["ListBuckets"];

    /// <summary>The operations that authorize their sender themselves; the tests of their rooms cover them.</summary>
    private static readonly string[] s_authorizeThemselves = [];

    private S3TestHost _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await S3TestHost.StartAsync(postgres);
        await _s3.CreateBucketAsync(Bucket);
        using var put = await _s3.PutAsync($"/{Bucket}/{Key}", [1, 2, 3]);
        await put.AssertStatusAsync(200);
    }

    public async Task DisposeAsync() => await _s3.DisposeAsync();

    [Fact]
    public void Operations_that_do_not_authenticate_or_authorize_are_listed()
    {
        var operations = _s3.Services.GetServices<S3Operation>().ToList();

        Assert.InRange(operations.Count, 60, 1000);
        Assert.Equal(s_notAuthenticated, operations.Where(one => !one.Authenticates).Select(one => one.Name).Order());
        Assert.Equal(s_allowAnonymous, operations.Where(one => one.AllowsAnonymous).Select(one => one.Name).Order());
        Assert.Equal(
            s_authorizeThemselves, operations.Where(one => one.Action is null).Select(one => one.Name).Order().Except(s_notAuthenticated));
    }

    [Fact]
    public async Task No_operation_serves_a_stranger_on_a_private_bucket()
    {
        var served = new List<string>();
        foreach (var operation in _s3.Services.GetServices<S3Operation>())
        {
            foreach (var sender in new[] { null, "mallory" })
            {
                using var response = await SendAsync(operation, sender);
                var body = await response.Content.ReadAsStringAsync();
                served.Add($"{operation.Name} {sender}: {(int)response.StatusCode} {body}");
            }
        }

        Assert.Fail(string.Join("\n", served));
    }

    private Task<HttpResponseMessage> SendAsync(S3Operation operation, string? sender)
    {
        var path = operation.Scope switch
        {
            S3Scope.Service => "/",
            S3Scope.Bucket => $"/{Bucket}",
            _ => $"/{Bucket}/{Key}",
        };
        var query = new List<string>();
        if (operation.Subresource is { } subresource)
        {
            query.Add(subresource);
        }

        if (operation.Argument is { } argument)
        {
            query.Add($"{argument.Name}={argument.Value}");
        }

        return _s3.SendAsync(
            new HttpMethod(operation.Method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", body: null, sender,
            operation.Header is { } header ? [(header, $"/{Bucket}/{Key}")] : []);
    }
}
