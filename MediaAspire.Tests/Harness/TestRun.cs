using System.Reflection;
using MediaAspire.Worker.Imaging.Child;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("MediaAspire.Tests.Harness.TestRun", "MediaAspire.Tests")]

namespace MediaAspire.Tests.Harness;

/// <summary>The framework of xunit, which also stops the PostgreSQL server of the run and deletes its directories.</summary>
public sealed class TestRun(IMessageSink messageSink) : XunitTestFramework(messageSink)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName)
    {
        // Before a test can use the wrapper of libvips.
        VipsLibrary.Choose();
        return new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);
    }

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, sources, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly testAssembly,
        IEnumerable<IXunitTestCase> testCases,
        IMessageSink diagnostics,
        IMessageSink executionMessageSink,
        ITestFrameworkExecutionOptions executionOptions)
        : XunitTestAssemblyRunner(testAssembly, testCases, diagnostics, executionMessageSink, executionOptions)
    {
        protected override async Task BeforeTestAssemblyFinishedAsync()
        {
            await PostgresServer.StopAsync();
            DataDirectories.DeleteThoseOfRun();
            await base.BeforeTestAssemblyFinishedAsync();
        }
    }
}
