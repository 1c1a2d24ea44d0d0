using System.Collections.Concurrent;
using System.Reflection;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Access;

/// <summary>An object store that records the access of objects, and signs addresses as the real one does.</summary>
public class AccessObjectStore : DispatchProxy
{
    public const string Connection = "Endpoint=http://store.test;AccessKey=access;SecretKey=secret;Region=us-east-1;Bucket=media";

    private static readonly ObjectStoreClient s_signer = new(
        Options.Create(new ObjectStoreOptions { ConnectionString = Connection }), TimeProvider.System);

    /// <summary>Gets the access of each object that was changed.</summary>
    public ConcurrentDictionary<string, bool> Access { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets an action before each change of an access; it may throw.</summary>
    public Func<string, bool, Task>? Before { get; set; }

    public AccessOutcome Outcome { get; set; } = AccessOutcome.Changed;

    public static (IObjectStore Store, AccessObjectStore Records) Create()
    {
        var store = Create<IObjectStore, AccessObjectStore>();
        return (store, (AccessObjectStore)(object)store);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IObjectStore.SetPublicAsync) => SetPublicAsync((string)args![0]!, (bool)args[1]!),
        nameof(IObjectStore.EnsureBucketAsync) => Task.CompletedTask,
        _ => targetMethod.Invoke(s_signer, args),
    };

    private async Task<AccessOutcome> SetPublicAsync(string key, bool isPublic)
    {
        if (Before is { } before)
        {
            await before(key, isPublic);
        }

        Access[key] = isPublic;
        return Outcome;
    }
}
