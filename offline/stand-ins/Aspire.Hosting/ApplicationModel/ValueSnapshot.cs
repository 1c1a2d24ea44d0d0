namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is set later, may be set again, and can be awaited.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ValueSnapshot<T>
    where T : notnull
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets whether there is a value or an error.</summary>
    public bool IsValueSet => _source.Task.IsCompleted;

    /// <summary>Waits for the value.</summary>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _source.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sets the value, replacing an earlier one.</summary>
    public void SetValue(T value) => Complete(source => source.SetResult(value));

    /// <summary>Makes everyone who waits fail with <paramref name="exception"/>.</summary>
    public void SetException(Exception exception) => Complete(source => source.SetException(exception));

    private void Complete(Action<TaskCompletionSource<T>> complete)
    {
        lock (_lock)
        {
            if (_source.Task.IsCompleted)
            {
                _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            complete(_source);
        }
    }
}
