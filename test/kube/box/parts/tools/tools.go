//go:build tools

// Names the commands to build, so that go.mod and go.sum cover them.
package tools

import (
	_ "github.com/yannh/kubeconform/cmd/kubeconform"
	_ "helm.sh/helm/v3/cmd/helm"
)
