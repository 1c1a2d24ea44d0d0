using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Hears what the builder of one AppHost announces, and nothing of other AppHosts in the same process.</summary>
internal sealed class AppHostObserver(AppHostRun run) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<AppHostObserver?> s_current = new();

    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>Makes this the observer of whatever the calling thread, and what it starts, announces.</summary>
    public void Attach()
    {
        s_current.Value = this;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (s_current.Value == this && value.Name == "Aspire.Hosting")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (s_current.Value != this)
        {
            return;
        }

        switch (value.Key, value.Value)
        {
            case ("DistributedApplicationBuilderConstructing", (DistributedApplicationOptions options, HostApplicationBuilderSettings host)):
                run.OnConstructing(options, host);
                break;
            case ("DistributedApplicationBuilderConstructed", IDistributedApplicationBuilder builder):
                AppHostRun.OnConstructed(builder);
                break;
            case ("DistributedApplicationBuilding", IDistributedApplicationBuilder builder):
                run.OnBuilding(builder);
                break;
            case ("DistributedApplicationBuilt", DistributedApplication application):
                run.OnBuilt(application);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error) => run.ReportFailure(error);

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
